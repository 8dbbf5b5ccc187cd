local function main(
    return "never closed
end
