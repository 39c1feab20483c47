"""Assembly of the rooms into one site: settings, addresses, console command. No rule of the
product lives here.
"""
