"""Objections (异议) and statements (企业声明): filed, marked at once, dealt with in time, answered for."""
