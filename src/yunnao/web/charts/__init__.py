"""图表: charts and maps as static SVG, without scripts or styles of their own, so that they stand under the strictest content policy.

Colours come from classes (``static/charts.css``); words, titles and descriptions are handed in, in the language of the page. Widths are
shares of the page, so that words keep their size on a phone. A page shows the same figures in a table beside each chart.
"""
