"""Credit repair (信用修复): applied for with proof and pledge, decided by rule; masks; the archive."""
