# SPDX-License-Identifier: BSD-2-Clause
# What bash does itself.
PATH=/usr/bin:/bin
declare -A map=([one]=1 [two]=2)
for k in "${!map[@]}"; do echo "$k ${map[$k]}"; done | sort
a=(x y z)
echo "${a[@]:1}" "${#a[@]}" "${a[-1]}"
[[ "release 12.5" =~ ([0-9]+)\.([0-9]+) ]] && echo "${BASH_REMATCH[1]}-${BASH_REMATCH[2]}"
printf '%05d|%-6s|%x|%q\n' 42 ab 255 'two words'
comm -13 <(seq 3) <(seq 2 4)
coproc cat
echo through >&"${COPROC[1]}"
read -r line <&"${COPROC[0]}"
echo "$line"
exec {COPROC[1]}>&-
wait
trap 'echo usr1' USR1
kill -USR1 $$
(exit 3)
echo "status $?"
sleep 100 &
kill $!
wait $! 2>/dev/null
echo "ended $?"
f() { local n=$1; ((n < 2)) && echo 1 || echo $((n * $(f $((n - 1))))); }
f 8
while read -r n; do ((sum += n)); done < <(seq 100)
echo "$sum"
echo "${line^^} ${line/th/TH} ${#line} ${line:2:3}"
