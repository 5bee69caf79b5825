from odoo.tools import SQL


def select_rates(day):
    """What a unit of each company's currency is worth in every currency on a day: (company_id, currency_id, rate).

    By the rule of ``res.currency._get_rates``: the latest rate up to that day, one of the company before a common one;
    before the first one, the first. One row for each company and currency that has a rate; without one it is 1.

    :param datetime.date day: the day of conversion
    :rtype: SQL
    """
    return SQL(
        """
        (SELECT DISTINCT ON (company.id, rate.currency_id) company.id AS company_id, rate.currency_id, rate.rate
           FROM res_company company
           JOIN res_currency_rate rate ON rate.company_id IS NULL
                                       OR rate.company_id = SPLIT_PART(company.parent_path, '/', 1)::int
       ORDER BY company.id, rate.currency_id, rate.name > %(day)s, rate.company_id, ABS(rate.name - %(day)s))
        """,
        day=day,
    )
