export const build = () => {};
