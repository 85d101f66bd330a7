"""Law as data: YAML files of dated values with their sources, and the strict loader."""

from credit.policy.loader import load_policy

__all__ = ["load_policy"]
