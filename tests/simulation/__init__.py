"""Desks, a district, a bad line, bad disks and people, all from one seed."""
