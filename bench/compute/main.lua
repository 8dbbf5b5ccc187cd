-- Runs one of the programs beside this file and prints what it computed: `main.lua NAME`.
print(require("programs." .. arg[1])())
