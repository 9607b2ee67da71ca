"""Every policy of the scenario `benefits` on every enterprise of a district of the real size."""
