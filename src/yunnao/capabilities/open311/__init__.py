"""GeoReport v2 (Open311): arguments in, documents out, in XML and JSON; pure functions.

Source: wiki.open311.org/GeoReport_v2 (open311/open311.github.io), Service_Discovery and JSON_and_XML_Conversion (Spark convention).
"""
