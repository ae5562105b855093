console.log("stamped", Date.now());
