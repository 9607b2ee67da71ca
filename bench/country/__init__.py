"""OpenFisca's country template, once by OpenFisca-Core and once as rules of this project."""
