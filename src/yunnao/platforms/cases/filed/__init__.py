"""Filed cases (受理件): matters that somebody brings, such as an appeal, carried by steps against clocks to an end."""
