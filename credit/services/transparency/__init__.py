"""The transparency log: what becomes a leaf, the tree over the leaves, and its signed heads."""
