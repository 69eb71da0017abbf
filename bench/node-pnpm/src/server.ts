import { formatISO } from "date-fns";
import fastify from "fastify";
import { nanoid } from "nanoid";
import { z } from "zod";

const Note = z.object({ text: z.string().max(1000) });
const notes = new Map<string, { text: string; at: string }>();
const app = fastify();

app.get("/", async () => Object.fromEntries(notes));
app.post("/", async (request) => {
  const id = nanoid();
  notes.set(id, { ...Note.parse(request.body), at: formatISO(new Date()) });
  return { id };
});

await app.listen({ host: "0.0.0.0", port: Number(process.env.PORT ?? 3000) });
