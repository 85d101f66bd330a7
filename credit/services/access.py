"""A department sees and changes what it reported itself, and reads what others did as far as its role allows."""

from __future__ import annotations

from credit.errors import NoKey, NotAllowed
from credit.rules.permissions import READS_ALL, opens
from credit.services.departments import Bearer


def allowed(bearer: Bearer | None, scope: str) -> Bearer:
    """The bearer, if there is one with this scope, or one of several ("a or b"). Raises NoKey or NotAllowed."""
    if bearer is None:
        raise NoKey("This key is unknown or revoked.", zh="密钥无效或已撤销")
    if not opens(bearer.scopes, scope):
        if bearer.officer_id:
            raise NotAllowed(f"Your role lacks the scope {scope}.", zh=f"您的岗位没有 {scope} 权限")
        raise NotAllowed(f"This key lacks the scope {scope}.", zh=f"该密钥没有 {scope} 权限")
    return bearer


def may_read(bearer: Bearer, department_id: int) -> bool:
    """Whether the bearer may read what this department reported."""
    return bearer.department_id == department_id or not READS_ALL.isdisjoint(bearer.scopes)


def own_or_refuse(bearer: Bearer, department_id: int) -> None:
    """Raises NotAllowed unless this department's reports are the bearer's own to change."""
    if bearer.department_id != department_id:
        raise NotAllowed(
            "Another department reported this: only that department may change it.",
            zh="这是其他部门报送的信息，只有报送部门可以更改",
        )


def person_of(bearer: Bearer) -> int:
    """Who acts where it must be a person: another one may have to approve, or answers for it. Raises NotAllowed."""
    if bearer.officer_id is None:
        raise NotAllowed("This act needs an officer's own key.", zh="此事项须由经办人本人办理，请使用人员密钥")
    return bearer.officer_id
