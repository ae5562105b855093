module.exports = { npm: settings() };
