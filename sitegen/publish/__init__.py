"""Two manifests -> diff -> ordered plan -> a target; and whether a copy is whole."""
