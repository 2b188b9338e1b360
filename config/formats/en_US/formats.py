"""How days and hours are written in the United States."""

DATE_FORMAT = "F j, Y"
MONTH_DAY_FORMAT = "F j"
TIME_FORMAT = "g:i A"
WEEKDAY_FORMAT = "l, F j"
HOUR_FORMAT = "g A"
