import { Empty } from '../parts/Calm';

export default function Compare() {
  return <Empty title="Compare" />;
}
