local list: {number = {}
local other: = 3
