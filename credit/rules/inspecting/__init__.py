"""Inspection tasks (检查任务): which act follows which, what is asked on the spot, what a result must hold."""
