"""Risk warning (风险预警): find early, judge early, warn early. Monitors over final results; each says why."""
