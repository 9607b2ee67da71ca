"""诉速办 / 市民一家亲: citizens' appeals, classified, checked for repeats, dispatched, answered by a deadline and verified."""
