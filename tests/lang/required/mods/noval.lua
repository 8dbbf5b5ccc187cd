loaded_noval = (loaded_noval or 0) + 1
