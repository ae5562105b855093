if (!process.env.NODE_AUTH_TOKEN) throw 1
