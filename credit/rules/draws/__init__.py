"""The draw (双随机抽取), pure. This is the whole algorithm; whoever follows it draws the same.

1. A text is hashed in UTF-8. The ticket of something is the first 8 bytes, read as a big-endian number, of
   SHA-256(seed LF plan LF what LF name), where LF is one line feed.
2. Candidates stand in strata. Of a stratum of N candidates, N x share are due. All dues are rounded down; the sum of
   all dues is rounded half up; what is missing goes, one each, to the strata with the largest remainders, the first
   by name where they are equal. Where the plan says how many in all, that is spread in proportion to the dues; a
   stratum with fewer candidates is taken whole, and the others share the rest.
3. An enterprise's ticket has what = "enterprise" and its key as name: its code, or its pseudonym where a commitment
   was published. In each stratum the candidates with the lowest tickets are drawn, as many as its quota; equal
   tickets go by key. Nobody is drawn twice.
4. Drawn enterprises go by the number of inspectors who may go there, the fewest first, then by ticket, then by key.
   Each inspector holds slots 0, 1, 2 ..., one for each task that he or she has already; a slot's ticket has what =
   "inspector" and "id LF slot" as name. An enterprise is given to the inspectors who may go there and whose next
   slots come first: the lowest slot, then the lowest ticket.
5. Loads (tasks of before included) are made even. The busiest inspector with a task that isn't settled, the first by
   id, looks for a chain: givers in the order in which they were reached, each one's tasks in the order of tickets,
   for each task those who may go, aren't on it and weren't reached before, by id. The first who has at least 2 tasks
   fewer than the busiest ends the chain, and along it each giver hands the task found to the next. Where no chain is
   found, all who were reached are settled and looked at no more. It ends when nobody is left.

No library's random numbers are used, and the order in which candidates are read means nothing.
"""
