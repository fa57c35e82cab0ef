import { useJob } from '../state/job';
import { Empty } from '../parts/Calm';

export default function Extend() {
  return <Empty title={useJob().name} />;
}
