"""Resources only: catalogue, calendars, fonts, words."""
