"""What is known of natural persons in foreign files: columns never read, and numbers never kept."""

from __future__ import annotations

import re
import unicodedata

from credit.identifiers import check_code

# Identity papers, telephones, and names of people who act for a firm or an office.
PERSONAL = re.compile(
    r"身份证|证件号|证件号码|护照|手机|电话|法定代表人|法人姓名|法人代表|负责人姓名|执法人员|联系人|经营者姓名"
    r"|(^|_)(sfz|sfzh|zjhm|fr_xm|frdb|cf_fr|xk_fr|idcard|id_card|tel|phone|mobile)($|_)"
    r"|(^|_)(cert_code|legal_per|legal_per_ident|legal_representative|legal_representative_idcard)$"
    r"|punish_personnel"
)
IDENTITY_CARD = re.compile(r"[1-9]\d{5}(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dX]", re.ASCII)
WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
CHECK = "10X98765432"


def plain(header: str) -> str:
    """A header however it is typed: full width, brackets, case and blanks make no difference."""
    return "".join(unicodedata.normalize("NFKC", header).casefold().split())


def is_private(header: str) -> bool:
    """Whether a column of this name holds personal data that the register has no business with."""
    return bool(PERSONAL.search(plain(header)))


def is_identity_card(text: str) -> bool:
    """Whether this is a person's number of identity (GB 11643) and no enterprise's code."""
    number = unicodedata.normalize("NFKC", text).strip().upper()
    if not IDENTITY_CARD.fullmatch(number):
        return False
    total = sum(weight * int(digit) for weight, digit in zip(WEIGHTS, number, strict=False))
    return CHECK[total % 11] == number[17] and check_code(number) is not None
