"""Which prior authorization a service falls under: pure decisions on what was granted and what is to be billed."""

from collections.abc import Hashable, Iterable
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from .code_range import covers, measure_range


class Service(NamedTuple):
    """A service that a payer will be asked for.

    ``policy`` tells one membership with one payer from others; ``chosen`` is the key of the grant it has already.
    """

    key: Hashable
    company: int
    patient: int
    policy: Hashable
    coverage: int
    provider: int | None
    product: int
    system: int | None
    code: str
    date: date
    units: Decimal
    chosen: Hashable | None = None


class Grant(NamedTuple):
    """What a payer has said yes to: a product, a code, or the codes from ``code`` to ``code_to`` of one system.

    ``provider`` None: whoever renders it. ``date_to`` None: until further notice.
    """

    key: Hashable
    is_granted: bool
    company: int
    patient: int
    policy: Hashable
    coverage: int
    provider: int | None
    product: int | None
    system: int | None
    code: str
    code_to: str
    date_from: date
    date_to: date | None
    left: Decimal


def why_not(grant: Grant, service: Service) -> str | None:
    """The first thing that keeps a service from being billed under a grant; None when it may be.

    Units are another question: they depend on what else is billed under it.

    :return: "company", "patient", "coverage", "state", "service", "date", "provider" or None
    """
    if grant.company != service.company:
        return "company"
    if grant.patient != service.patient:
        return "patient"
    if grant.coverage != service.coverage and grant.policy != service.policy:
        return "coverage"
    if not grant.is_granted:
        return "state"
    if not _names_service(grant, service):
        return "service"
    if service.date < grant.date_from or (grant.date_to and service.date > grant.date_to):
        return "date"
    if grant.provider and service.provider and grant.provider != service.provider:
        return "provider"
    return None


def propose(services: Iterable[Service], grants: Iterable[Grant]) -> dict:
    """Choose a grant for each service: the most specific one with units left, among those the one that ends first.

    Services keep the one they have while it fits and has enough; then the others are served in the order given. What
    one takes is not offered to the next.

    :return: {service key: grant key}, without the services that find none
    """
    by_patient: dict = {}
    left = {}
    for grant in grants:
        by_patient.setdefault(grant.patient, []).append(grant)
        left[grant.key] = grant.left
    chosen = {}
    for service in sorted(services, key=lambda service: service.chosen is None):
        fitting = [
            grant
            for grant in by_patient.get(service.patient, ())
            if left[grant.key] >= service.units and why_not(grant, service) is None
        ]
        if fitting:
            best = min(fitting, key=lambda grant: _get_rank(grant, service))
            left[best.key] -= service.units
            chosen[service.key] = best.key
    return chosen


def _names_service(grant, service):
    if grant.product:
        return grant.product == service.product
    if not service.code or grant.system != service.system:
        return False
    return covers(service.code, grant.code, grant.code_to)


def _get_rank(grant, service):
    """Smaller is better: what it has; product, code, narrow range, wide range; the coverage before its renewed card."""
    width = 0 if grant.product else measure_range(grant.code, grant.code_to)
    specificity = (width, grant.coverage != service.coverage)
    return grant.key != service.chosen, specificity, grant.date_to or date.max, grant.date_from, grant.key
