export default {
  useOidcTokenProvider: true,
};
