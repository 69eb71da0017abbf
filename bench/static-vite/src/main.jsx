import { useState } from "react";
import { createRoot } from "react-dom/client";

function Notes() {
  const [notes, setNotes] = useState([]);
  return (
    <button type="button" onClick={() => setNotes([...notes, notes.length])}>
      {notes.length} notes
    </button>
  );
}

createRoot(document.getElementById("root")).render(<Notes />);
