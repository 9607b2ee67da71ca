"""Industry groups of GB/T 4754-2017 that the sample district's entities are in, and how large they tend to be."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Industry:
    """A group of the classification.

    Attributes:
        code: section letter and digits.
        companies, individuals: relative frequency among companies and among individual businesses.
        staff: median number of employees of a company.
        revenue: median yearly revenue per employee of a company, in yuan.
    """

    code: str
    companies: float
    individuals: float
    staff: float
    revenue: float


def _rows(table: str) -> tuple[Industry, ...]:
    lines = (line.split() for line in table.strip().splitlines())
    return tuple(Industry(code, *(float(number) for number in numbers)) for code, *numbers in lines)


INDUSTRIES = _rows(
    """
    A011 0.5 0.6 6 180000
    A014 1.0 1.0 6 200000
    A018 0.3 0.2 5 150000
    A039 0.4 0.3 6 200000
    A041 0.4 0.5 8 250000
    B101 0.1 0.0 18 500000
    C139 0.8 0.3 16 600000
    C147 0.5 0.2 15 550000
    C181 1.0 0.3 22 300000
    C203 0.5 0.1 12 350000
    C224 0.3 0.0 14 450000
    C231 0.4 0.1 12 400000
    C268 0.5 0.0 20 800000
    C292 1.0 0.1 15 500000
    C331 1.6 0.5 14 550000
    C335 0.9 0.2 14 500000
    C342 1.2 0.2 16 600000
    C348 1.5 0.3 15 550000
    C356 0.7 0.0 20 650000
    C367 0.8 0.0 30 800000
    C371 0.3 0.0 35 700000
    C373 0.5 0.0 40 800000
    C382 0.7 0.0 22 700000
    C385 0.5 0.0 40 900000
    C397 0.5 0.0 30 700000
    C401 0.2 0.0 18 500000
    D441 0.2 0.0 25 1500000
    D452 0.1 0.0 20 1200000
    E471 1.5 0.0 18 500000
    E481 1.2 0.0 16 500000
    E499 2.2 0.3 9 350000
    E501 3.5 0.8 8 300000
    F511 1.5 0.6 4 1500000
    F512 3.5 1.2 4 1300000
    F513 2.8 1.0 4 1100000
    F516 5.0 0.4 4 1800000
    F517 5.2 0.6 4 1300000
    F521 1.0 6.5 4 500000
    F522 1.8 14.0 3 350000
    F523 1.6 8.5 3 300000
    F525 0.7 1.6 4 400000
    F526 1.0 1.6 6 700000
    F527 1.2 2.5 4 500000
    F529 3.0 7.5 3 450000
    G543 2.6 4.8 8 350000
    G551 0.3 0.0 30 800000
    G561 0.1 0.0 60 900000
    G581 2.6 0.3 6 600000
    G591 0.7 0.1 12 450000
    G602 0.2 1.0 10 250000
    H611 0.4 0.4 25 180000
    H612 0.4 1.2 10 150000
    H621 1.4 13.0 10 180000
    H622 0.3 5.0 6 180000
    H629 0.3 4.5 5 160000
    I631 0.2 0.0 20 500000
    I642 1.0 0.1 7 400000
    I651 3.6 0.1 8 350000
    I653 1.2 0.1 8 350000
    J672 0.3 0.0 8 600000
    K701 0.7 0.0 20 1500000
    K702 0.8 0.0 25 150000
    K703 0.9 0.6 4 200000
    L711 1.3 0.8 5 400000
    L721 2.2 0.1 5 300000
    L724 1.5 0.1 5 250000
    L725 1.4 0.5 5 300000
    L726 0.8 0.1 20 180000
    L729 2.2 0.6 5 250000
    M731 0.6 0.0 8 300000
    M748 2.0 0.1 9 350000
    M751 2.8 0.1 6 250000
    N772 0.4 0.0 12 400000
    N784 0.5 0.1 12 200000
    O801 0.5 2.6 5 150000
    O804 0.4 5.2 5 150000
    O811 0.6 2.0 6 200000
    O819 0.5 2.2 5 150000
    P833 0.2 0.0 30 120000
    P839 0.8 0.4 9 150000
    Q842 0.3 0.3 10 200000
    Q851 0.1 0.0 15 120000
    R876 0.3 0.0 6 250000
    R883 0.3 0.1 6 200000
    R891 0.5 0.8 8 150000
    """
)

SERVICES_TO_PRODUCERS = "GIJLMN"
SERVICES_TO_HOUSEHOLDS = "HOPQR"
RESEARCHING = "CIM"
"""Sections with research expense, high-tech certificates and titles."""

NEGATIVE_LIST = ("C16", "H", "F", "K", "L", "R89")
"""Industries outside the research super-deduction (财税〔2015〕119号)."""
