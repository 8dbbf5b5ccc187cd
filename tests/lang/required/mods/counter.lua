print("loading", ...) local M = { name = ... } M.count = 0 function M.bump() M.count = M.count + 1 return M.count end return M
