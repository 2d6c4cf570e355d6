"""Mock portals: SISACT, SIAC Único, NINTEX, Remedy and a mailbox, as awkward as the real ones.

They are portals, not the robot: they import nothing of it and decide nothing for it.
"""
