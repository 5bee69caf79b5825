"""Codes of answers to files (TA1, 999, 997) in our own words, so that a person understands them.

As in ``status_codes``: what each code means, in short; a code that is not here is shown as it is.
"""

# TA105: why an interchange was not accepted.
INTERCHANGE = {
    "000": "no error",
    "001": "the control numbers of its beginning and end differ (ISA13, IEA02)",
    "002": "the standard of the control segments is not supported (ISA11)",
    "003": "the version is not supported (ISA12)",
    "004": "the segment terminator is not valid",
    "005": "the qualifier of the sender is not valid (ISA05)",
    "006": "the sender is not known (ISA06)",
    "007": "the qualifier of the receiver is not valid (ISA07)",
    "008": "the receiver is not known (ISA08)",
    "009": "nobody knows this receiver (ISA08)",
    "010": "the qualifier of the authorisation is not valid (ISA01)",
    "011": "the authorisation is not valid (ISA02)",
    "012": "the qualifier of the password is not valid (ISA03)",
    "013": "the password is not valid (ISA04)",
    "014": "the date is not valid (ISA09)",
    "015": "the time is not valid (ISA10)",
    "016": "the standard of the control segments is not valid (ISA11)",
    "017": "the version is not valid (ISA12)",
    "018": "the control number is not valid (ISA13)",
    "019": "the request for an acknowledgement is not valid (ISA14)",
    "020": "the test flag is not valid (ISA15)",
    "021": "the count of groups is not right (IEA01)",
    "022": "the control structure is not valid",
    "023": "the file ended too early",
    "024": "the content is not valid, such as an empty group",
    "025": "the control number was used before (ISA13)",
    "026": "the separator of elements is not valid",
    "027": "the separator of components is not valid",
    "028": "the date of delivery is not valid",
    "029": "the time of delivery is not valid",
    "030": "the time zone of delivery is not valid",
    "031": "the grade of service is not valid",
}
# AK501, IK501 and AK901.
RESULTS = {
    "A": "accepted", "E": "accepted with errors", "P": "accepted in part", "R": "rejected",
    "M": "rejected: the authentication failed", "W": "rejected: the assurance failed",
    "X": "rejected: it could not be decrypted",
}
# IK502 to IK506: why a transaction was rejected.
SETS = {
    "1": "the transaction is not supported",
    "2": "its end is missing (SE)",
    "3": "the control numbers of its beginning and end differ (ST02, SE02)",
    "4": "the count of segments is not right (SE01)",
    "5": "segments have errors",
    "6": "the identifier of the transaction is missing or invalid (ST01)",
    "7": "the control number is missing or invalid (ST02)",
    "18": "the transaction does not belong in this group",
    "19": "the name of the guide is not valid (ST03)",
    "23": "the control number occurs more than once in its group (ST02)",
    "I5": "segments break rules of the guide",
    "I6": "the guide is not supported",
}
# AK905 to AK909: why a group was rejected.
GROUPS = {
    "1": "the group is not supported",
    "2": "the version of the group is not supported (GS08)",
    "3": "its end is missing (GE)",
    "4": "the control numbers of its beginning and end differ (GS06, GE02)",
    "5": "the count of transactions is not right (GE01)",
    "6": "the control number is not valid (GS06)",
    "19": "the control number occurs more than once (GS06)",
}
# IK304.
SEGMENTS = {
    "1": "the segment is not known",
    "2": "the segment is not expected here",
    "3": "a required segment is missing",
    "4": "the loop occurs too often",
    "5": "the segment occurs too often",
    "6": "the segment is not part of this transaction",
    "7": "the segment is out of order",
    "8": "the segment has elements with errors",
    "I4": "the guide does not use this segment",
    "I6": "a segment is missing that the guide asks for in this case",
    "I7": "the loop occurs less often than the guide asks for",
    "I8": "the segment occurs less often than the guide asks for",
    "I9": "the guide does not use this segment in this case",
}
# IK403.
ELEMENTS = {
    "1": "a required element is missing",
    "2": "an element is missing that a condition requires",
    "3": "there are too many elements",
    "4": "the element is too short",
    "5": "the element is too long",
    "6": "the element has a character that is not allowed",
    "7": "the code is not valid",
    "8": "the date is not valid",
    "9": "the time is not valid",
    "10": "elements exclude each other",
    "12": "the element is repeated too often",
    "13": "there are too many components",
    "I6": "the code is not used by the guide",
    "I9": "an element is missing that the guide asks for in this case",
    "I10": "the guide does not use this element",
    "I11": "the element occurs less often than the guide asks for",
    "I12": "the element does not look as the guide says",
    "I13": "the guide does not use this element in this case",
}
