"""Matching: which enterprise is meant by a name or a code that somebody wrote down. Pure."""

from credit.rules.matching.compare import Comparison, Relation, compare
from credit.rules.matching.parts import Parts, parts_of
from credit.rules.matching.reasons import Reason

__all__ = ["Comparison", "Parts", "Reason", "Relation", "compare", "parts_of"]
