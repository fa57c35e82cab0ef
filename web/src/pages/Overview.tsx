import { Kpis } from '../parts/Kpis';

export default function Overview() {
  return (
    <>
      <Kpis />
    </>
  );
}
