"""Law as data: YAML files of dated values with their sources, and the strict loader."""

from credit.policy.loader import FOLDER, load_policy, policy_texts, read_policy

__all__ = ["FOLDER", "load_policy", "policy_texts", "read_policy"]
