"""Warnings: what the monitors find is kept, followed, and judged afterwards by whether it came true."""
