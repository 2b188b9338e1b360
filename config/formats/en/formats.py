"""How days and hours are written in English, where the browser names no country that does it otherwise."""

DATE_FORMAT = "j F Y"
MONTH_DAY_FORMAT = "j F"
TIME_FORMAT = "H:i"
# Of our own: a day with its weekday, and a whole hour.
WEEKDAY_FORMAT = "l j F"
HOUR_FORMAT = "G:i"
