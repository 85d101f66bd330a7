"""Country scale: facts out as Parquet, graded by Spark with the same kernel, gradings back."""
