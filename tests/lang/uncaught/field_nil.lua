local account = { owner = {} }
account.owner.address.street = "none"
