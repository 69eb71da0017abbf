export const dynamic = "force-dynamic";

export default function Page() {
  return <h1>Notes of {new Date().getUTCFullYear()}</h1>;
}
