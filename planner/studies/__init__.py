"""Studies 研究: many plans of one case - named changes, grids and samples - over processes or a cluster, resumable, the same whichever way."""
