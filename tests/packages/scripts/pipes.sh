# SPDX-License-Identifier: BSD-2-Clause
# Programs connected by pipes.
PATH=/usr/bin:/bin
seq 1 20000 | sort -R | sort -n | md5sum
yes word | head -n 50000 | uniq -c | tr -s ' '
seq 1 500 | paste -sd+ | fold -w 70 | tail -n 1
head -c 100000 /dev/zero | base64 -w 0 | wc -c
seq 1 3000 | tee >(wc -l) | tail -n 1 | cat
timeout 0.3 sleep 10
echo "timeout $?"
env -i A=1 /usr/bin/env
printf 'b\na\nc\n' | sort | join - <(printf 'a 1\nb 2\n')
seq 5 | factor | tail -n 1
numfmt --to=iec 1048576
expr 7 \* 6
test -t 1 || echo 'no terminal'
