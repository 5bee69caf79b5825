"""Which days a claim is asked for: a stay in hospital, the last period before a pregnancy, time off work."""

# Places of service in which the patient stays overnight (CMS place of service codes).
INPATIENT_PLACES = frozenset({"21", "31", "51", "61"})
# Diagnoses of pregnancy and birth: ICD-10-CM chapter 15 and Z33 to Z3A; ICD-9-CM 630 to 679, V22 and V23.
PREGNANCY = {"10": ("O", "Z33", "Z34", "Z3A"), "9": ("63", "64", "65", "66", "67", "V22", "V23")}


def is_inpatient(place: str) -> bool:
    """Whether the patient stayed where the services were given (box 18 of the CMS-1500, 837P DTP*435 and 096)."""
    return place in INPATIENT_PLACES


def is_pregnancy(diagnoses) -> bool:
    """Whether one of the diagnoses belongs to a pregnancy (box 14 with 484, 837P DTP*484).

    :param diagnoses: (revision of the ICD, ``10`` or ``9``; code)
    """
    return any(code.upper().startswith(PREGNANCY.get(revision, ())) for revision, code in diagnoses)
