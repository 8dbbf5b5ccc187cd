local a = 1 -- comment
--[[ long
comment ]] local b = 2 --[==[ ]] ]==]
	local c=3
--