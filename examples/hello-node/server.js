import express from "express";

const app = express();
app.get("/", (_request, response) => {
  response.type("text/plain").send("Hello from Node.js\n");
});

const server = app.listen(3000);
process.on("SIGTERM", () => {
  server.close(() => process.exit(0));
  server.closeAllConnections();
});
