local value = settings.colour
